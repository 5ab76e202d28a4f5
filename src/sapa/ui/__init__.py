"""The look of Sapa: layouts, elements, tokens, styles, behaviours and the spoken call."""
