qmail_program(tai64n STAYS LIBRARIES log)
