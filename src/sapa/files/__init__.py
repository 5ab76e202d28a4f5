"""Files that people send: checked by content, quarantined until scanned, private by signed address."""
