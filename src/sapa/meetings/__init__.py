"""Following up by visit or video meeting: slots, providers, invitations."""
