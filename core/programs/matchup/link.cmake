qmail_program(matchup LIBRARIES activity)
