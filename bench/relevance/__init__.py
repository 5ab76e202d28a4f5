"""How good the search is: judged questions, what other searches make of them, and the figures that compare them."""
