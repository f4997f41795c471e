qmail_program(xqp LIBRARIES activity)
