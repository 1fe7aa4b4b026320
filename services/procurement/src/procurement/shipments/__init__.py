"""Shipments: what suppliers have sent, as their despatch advices say, until it has arrived."""
