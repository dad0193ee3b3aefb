"""The changes of adaptive augmentation, Karras et al. 2020b, appendix B."""
