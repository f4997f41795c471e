qmail_program(zrxdelay LIBRARIES activity)
