"""Origins of presets: folders, archives, URLs and model hubs."""
