qmail_program(multilog STAYS LIBRARIES log)
