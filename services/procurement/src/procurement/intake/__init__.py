"""One door for every need: which way it goes, why, and where it stands."""
