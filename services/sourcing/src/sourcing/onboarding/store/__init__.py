"""Invitations, who acts for suppliers, and what suppliers propose, in SQL."""
