"""What a course is made of and how somebody goes through it: lessons, the knowledge centre and the
player; what completing it does is left to `studying`."""
