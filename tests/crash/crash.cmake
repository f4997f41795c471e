# crash_tests(<name> LIBRARIES <target>...)
#   tests/crash/<name>_crash.cpp, with '_' for '.', as program crash.<name>, linked with the crash seam: see
#   tests/support/crash_driver.h. Each test of it is crash.<name>.<Suite>.<Test>.
add_library(qmail_sys_crash OBJECT ${PROJECT_SOURCE_DIR}/tests/support/sys_crash.cpp
                                   ${PROJECT_SOURCE_DIR}/tests/support/crash_disk.cpp
                                   ${PROJECT_SOURCE_DIR}/tests/support/crash_driver.cpp)
function(crash_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  string(REPLACE "." "_" stem ${name})
  add_executable(crash.${name} ${CMAKE_CURRENT_SOURCE_DIR}/${stem}_crash.cpp)
  quick_to_build(crash.${name})
  target_precompile_headers(crash.${name} REUSE_FROM test_headers)
  target_link_libraries(crash.${name} PRIVATE ${arg_LIBRARIES} qmail_base qmail_sys_crash qmail_home_for_tests
                                              GTest::gtest_main)
  gtest_discover_tests(crash.${name} TEST_PREFIX crash.${name}. DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS crash TIMEOUT 300)
endfunction()

crash_tests(queue LIBRARIES qmail-queue.code)
crash_tests(fault.queue LIBRARIES qmail-queue.code)
crash_tests(clean LIBRARIES qmail-clean.code qmail-queue.code)
crash_tests(send LIBRARIES qmail-send.code qmail-clean.code qmail-queue.code)
crash_tests(amend LIBRARIES qmail-send.code qmail-clean.code qmail-queue.code)
crash_tests(log LIBRARIES qmail_queue_log)
crash_tests(fault.log LIBRARIES qmail_queue_log)
crash_tests(send.log LIBRARIES qmail-send.code qmail-clean.code qmail-queue.code)
crash_tests(local LIBRARIES maildir2mbox.code qmail_mailbox qmail_queue)
crash_tests(together LIBRARIES qmail-local.code)
crash_tests(rules LIBRARIES tcprules.code)
crash_tests(multilog LIBRARIES multilog.code)
crash_tests(aliases LIBRARIES newaliases.code)
crash_tests(quota LIBRARIES qmail_mailbox)
crash_tests(lists LIBRARIES qlist.code qmail_queue)
crash_tests(edit LIBRARIES qmail_base)
