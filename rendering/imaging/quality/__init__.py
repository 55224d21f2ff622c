"""Visual quality: how alike two pictures look (SSIM), and the lowest quality of encoding that keeps a target."""
