qmail_script(mailsubj)
