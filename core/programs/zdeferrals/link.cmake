qmail_program(zdeferrals LIBRARIES activity)
