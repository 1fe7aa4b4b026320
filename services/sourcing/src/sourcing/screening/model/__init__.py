"""Lists in versions, whom they name, which suppliers were held against them, and the hits."""
