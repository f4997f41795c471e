qmail_program(mailquotacheck LIBRARIES mailbox)
