"""What the client sends and gets. Members that this version doesn't know are passed over: the service may say more."""
