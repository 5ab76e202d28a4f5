"""The search over a million titles: see bench/search/__main__.py."""
