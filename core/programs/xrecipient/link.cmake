qmail_program(xrecipient LIBRARIES activity)
