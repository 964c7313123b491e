"""Being told by mail: subscriptions, what happened, the ledger of mails, and their way to the mail server."""
