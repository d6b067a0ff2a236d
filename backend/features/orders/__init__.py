"""Work orders (工单): one pool, dispatched to units, handled against a clock, verified, closed."""
