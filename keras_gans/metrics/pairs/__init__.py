"""Metrics of pairs of images: PSNR, SSIM and LPIPS."""
