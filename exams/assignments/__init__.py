"""What a learner makes of an assignment: drafts, hand-ins, their state and the XP that they earn;
what an assignment asks is left to `defining`, what a coach says of it to `reviewing`."""
