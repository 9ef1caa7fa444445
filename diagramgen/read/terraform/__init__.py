"""Terraform states and plans -> rows in the shape of the ARM REST API."""
