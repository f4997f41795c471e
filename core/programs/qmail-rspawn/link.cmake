qmail_program(qmail-rspawn LIBRARIES queue users)
