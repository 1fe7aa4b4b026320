"""What can be done with goods receipts: goods are received, and taken back."""

from procurement.receipts.commands.receiving import Received, receive_goods
from procurement.receipts.commands.reversing import reverse_receipt

__all__ = ["Received", "receive_goods", "reverse_receipt"]
