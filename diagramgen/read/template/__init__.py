"""ARM templates -> the resources that they deploy."""
