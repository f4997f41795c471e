# POP3 with real clients on loopback.
script_tests(qmail-pop3d/serve.py PREFIX program.qmail-pop3d)
# A sanitizer takes memory of its own; and see tls.cmake.
if(NOT QMAILKIT_SANITIZE)
  script_tests(qmail-pop3d/limits.py PREFIX program.qmail-pop3d TIMEOUT 300)
  script_tests(qmail-popup/stls.py PREFIX program.qmail-popup TIMEOUT 120 SERIAL)
endif()
