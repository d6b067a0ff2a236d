"""What people do with orders, in the order of an order's life."""
