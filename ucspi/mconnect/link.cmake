qmail_script(mconnect)
