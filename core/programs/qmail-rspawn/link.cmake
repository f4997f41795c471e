qmail_program(qmail-rspawn STAYS LIBRARIES queue users)
