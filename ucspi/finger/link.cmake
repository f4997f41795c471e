qmail_script(finger@)
