"""Who wants to be told, and how it reaches them: subscriptions, gateways, what is to be sent."""
