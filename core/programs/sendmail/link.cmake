qmail_program(sendmail)
qmail_other_name(sendmail mailq)
