# The real installer, killed by strace all over its way.
add_test(NAME crash.install
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/install_kill.py $<TARGET_FILE:qmail-install>
                 $<TARGET_FILE:instcheck>)
set_tests_properties(crash.install PROPERTIES LABELS crash TIMEOUT 3600 SKIP_RETURN_CODE 77)
