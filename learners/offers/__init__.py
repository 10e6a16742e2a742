"""What an app offers the roof and the ground: the kinds of it, and the register of who offers what.

Nothing here knows who offers; what is made of it is decided by who asks.
"""
