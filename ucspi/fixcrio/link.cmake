qmail_program(fixcrio LIBRARIES ucspi)
