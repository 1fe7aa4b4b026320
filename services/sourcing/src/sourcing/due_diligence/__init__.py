"""Due diligence in the supply chain: what was found, what is done about it, who complained (LkSG, CSDDD)."""
