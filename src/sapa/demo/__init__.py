"""An office to try Sapa on: invented people, real verbs. Above every other package; nothing imports it."""
