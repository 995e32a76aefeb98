"""PostgreSQL, Valkey and SeaweedFS from wheels, and the supervisor behind `make run`.

They are the real programs; only where they come from and who starts them is different.
"""
