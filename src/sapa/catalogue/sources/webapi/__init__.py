"""The WebAPI of BPS (domain.md 10.1): lists and views of an office's site, in both languages."""
