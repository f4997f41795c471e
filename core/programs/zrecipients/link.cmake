qmail_program(zrecipients LIBRARIES activity)
