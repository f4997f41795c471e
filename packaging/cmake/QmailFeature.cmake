# The features of patches-integrated/, found by their feature.json: its keys are described in
# patches-integrated/README.md. Deleting a folder removes its feature.

# qmail_read_feature(<json file> <key> <variable>): one value, lists as CMake lists; empty if there is no such key.
function(qmail_read_feature file key variable)
  file(READ ${file} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  string(JSON kind ERROR_VARIABLE missing TYPE "${text}" ${key})
  set(values "")
  if(kind STREQUAL "ARRAY")
    string(JSON count LENGTH "${text}" ${key})
    foreach(index RANGE ${count})
      if(index LESS count)
        string(JSON value GET "${text}" ${key} ${index})
        list(APPEND values "${value}")
      endif()
    endforeach()
  elseif(NOT missing)
    string(JSON values GET "${text}" ${key})
  endif()
  set(${variable} "${values}" PARENT_SCOPE)
endfunction()

# qmail_feature_files(<variable>): the feature.json of every folder.
function(qmail_feature_files variable)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/patches-integrated/*/feature.json)
  set(${variable} "${files}" PARENT_SCOPE)
endfunction()

# qmail_hook_features(<variable>): the names of all hook features, by their order.
function(qmail_hook_features variable)
  qmail_feature_files(files)
  set(found "")
  set(orders "")
  foreach(file IN LISTS files)
    qmail_read_feature(${file} kind kind)
    if(NOT kind STREQUAL "hook")
      continue()
    endif()
    qmail_read_feature(${file} name name)
    qmail_read_feature(${file} order order)
    if(order IN_LIST orders)
      message(FATAL_ERROR "${file}: order ${order} is taken by another feature")
    endif()
    list(APPEND orders ${order})
    list(APPEND found "${order}:${name}")
  endforeach()
  list(SORT found COMPARE NATURAL)
  list(TRANSFORM found REPLACE "^[0-9]+:" "")
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# qmail_features_of(<program> <variable>): the names of its hook features, by their order.
function(qmail_features_of program variable)
  qmail_hook_features(all)
  set(found "")
  foreach(name IN LISTS all)
    qmail_read_feature(${PROJECT_SOURCE_DIR}/patches-integrated/${name}/feature.json programs programs)
    if(program IN_LIST programs)
      list(APPEND found ${name})
    endif()
  endforeach()
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# qmail_program_features(<program> <hook namespace> [OF <program>])
#   From a program's link.cmake, behind qmail_program(): writes <hook namespace>_features.cpp, which lists the
#   program's features, or those of another one, by order, and links it and them. The function of feature some-name is
#   qmail::features::configure_some_name, a <hook namespace>::Configure.
function(qmail_program_features program space)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "OF" "")
  if(NOT arg_OF)
    set(arg_OF ${program})
  endif()
  set(hook server_hook)
  if(space STREQUAL "smtpc")
    set(hook client_hook)
  endif()
  qmail_features_of(${arg_OF} features)
  set(declarations "")
  set(functions "")
  foreach(feature IN LISTS features)
    string(REPLACE "-" "_" name ${feature})
    string(APPEND declarations "${space}::Configure configure_${name};\n")
    string(APPEND functions "    features::configure_${name},\n")
  endforeach()
  list(LENGTH features count)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/features/${program}/${space}_features.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT [[// Written by QmailFeature.cmake.
#include <array>

#include "core/smtp/@hook@.h"

namespace qmail {
namespace features {
@declarations@}  // namespace features

namespace {

constexpr std::array<@space@::Configure*, @count@> @space@_list{
@functions@};

}  // namespace

std::span<@space@::Configure* const> @space@::features_compiled_in() { return @space@_list; }

}  // namespace qmail
]] @ONLY)
  foreach(variant IN ITEMS "" .test)
    target_sources(${program}${variant} PRIVATE ${file})
    foreach(feature IN LISTS features)
      target_link_libraries(${program}${variant} PRIVATE feature.${feature})
    endforeach()
  endforeach()
endfunction()

# qmail_feature_texts(<program>): from its link.cmake, behind qmail_program(): what all features are, as features.h of the
#   program's folder declares it.
function(qmail_feature_texts program)
  qmail_hook_features(features)
  set(texts "")
  foreach(name IN LISTS features)
    foreach(key programs control)
      qmail_read_feature(${PROJECT_SOURCE_DIR}/patches-integrated/${name}/feature.json ${key} ${key})
    endforeach()
    list(JOIN programs ", " programs)
    list(JOIN control " " control)
    string(APPEND texts "    {\"${name}\", \"${programs}\", \" ${control} \"},\n")
  endforeach()
  list(LENGTH features count)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/features/feature_texts.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT [[// Written by QmailFeature.cmake.
#include <array>

#include "core/programs/@program@/features.h"

namespace qmail::showctl {
namespace {

constexpr std::array<FeatureText, @count@> texts{{
@texts@}};

}  // namespace

std::span<const FeatureText> features_compiled_in() { return texts; }

}  // namespace qmail::showctl
]] @ONLY)
  foreach(variant IN ITEMS "" .test)
    target_sources(${program}${variant} PRIVATE ${file})
  endforeach()
endfunction()

# qmail_feature_folders(): library feature.<name> of every .cpp of each hook feature's folder but its tests. A feature may
#   use all of the layers below it; what it does not use is not linked.
function(qmail_feature_folders)
  add_library(qmail_feature_libraries INTERFACE)
  target_link_libraries(qmail_feature_libraries INTERFACE qmail_smtp qmail_mailbox qmail_accounts qmail_tls)
  qmail_feature_files(files)
  foreach(file IN LISTS files)
    qmail_read_feature(${file} name name)
    cmake_path(GET file PARENT_PATH folder)
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
    if(sources)
      add_library(feature.${name} STATIC ${sources})
      qmail_common_headers(feature.${name})
      target_link_libraries(feature.${name} PUBLIC qmail_feature_libraries)
    endif()
  endforeach()
endfunction()
