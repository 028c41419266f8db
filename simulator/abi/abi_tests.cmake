# Tests of the faces, of the public headers, and of the libraries as files.

vdi_test(abi_test
  SOURCES abi_environment_test.cc abi_guard_test.cc com_client_test.cc com_server_test.cc
          injection_test.cc           vdi_com_header_test.cc vdi_header_test.cc
  DEPS vdi_abi)
vdi_test(linux_client_test SOURCES linux_client_test.cc DEPS sqlvdi vdi_abi)
vdi_test(linux_client_environment_test SOURCES linux_client_environment_test.cc
         DEPS sqlvdi vdi_abi)

# vdi_codes.h goes with another supplier's header; compiling them is the test.
add_library(vdi_codes_orders OBJECT testing/codes_before_header.cc testing/codes_after_header.cc)
target_link_libraries(vdi_codes_orders PRIVATE vdi_options vdi_include)

# A vendor's program: plain C++11, none of our options, linked with another library of that name.
add_library(decoy_sqlvdi SHARED testing/decoy_sqlvdi.cc)
set_target_properties(decoy_sqlvdi PROPERTIES
  OUTPUT_NAME sqlvdi LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/decoy"
  CXX_VISIBILITY_PRESET default)
target_link_libraries(decoy_sqlvdi PRIVATE vdi_include)
add_executable(vendor_client testing/vendor_client.cc)
set_target_properties(vendor_client PROPERTIES
  CXX_STANDARD 11 SKIP_BUILD_RPATH ON RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
target_compile_options(vendor_client PRIVATE -Wall -Wextra -Werror)
target_link_libraries(vendor_client PRIVATE decoy_sqlvdi vdi_include)

function(vdi_script_test name)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT 60)
endfunction()

set(library_test "${CMAKE_CURRENT_SOURCE_DIR}/testing/library_test.sh")
# ABI-06, written out here a second time: the list of the version script must not judge itself.
set(device _ZN19ClientVirtualDevice)
set(set _ZN22ClientVirtualDeviceSet)
vdi_script_test(sqlvdi.exports ${library_test} exports $<TARGET_FILE:sqlvdi>
  ${device}C1Ev ${device}C2Ev ${device}D1Ev ${device}D2Ev ${device}10GetCommandElPP11VDC_Command
  ${device}15CompleteCommandEP11VDC_Commandiml ${set}C1Ev ${set}C2Ev ${set}D1Ev ${set}D2Ev
  ${set}6CreateEPcP8VDConfig ${set}16GetConfigurationElP8VDConfig
  ${set}10OpenDeviceEPcPP19ClientVirtualDevice ${set}5CloseEv ${set}11SignalAbortEv
  ${set}15OpenInSecondaryEPc ${set}15GetBufferHandleEPhPj ${set}15MapBufferHandleEiPPh
  ${set}20RegisterDeviceClosedEv)
vdi_script_test(sqlvdi.soname ${library_test} soname $<TARGET_FILE:sqlvdi> libsqlvdi.so)
vdi_script_test(vdisim-com.exports ${library_test} exports $<TARGET_FILE:vdisim-com>
  VdiCreateInstance)
vdi_script_test(vdisim-com.soname ${library_test} soname $<TARGET_FILE:vdisim-com>
  libvdisim-com.so)

# A sanitizer brings its own library, which wants to be the first in the process.
if(NOT VDISIM_SANITIZE)
  foreach(library sqlvdi vdisim-com)
    vdi_script_test(${library}.needed ${library_test} needed $<TARGET_FILE:${library}>
      libc.so.6 libstdc++.so.6 libgcc_s.so.1 libm.so.6)
  endforeach()
  vdi_script_test(sqlvdi.swap "${CMAKE_CURRENT_SOURCE_DIR}/testing/swap_test.sh"
    $<TARGET_FILE:vendor_client> $<TARGET_FILE_DIR:decoy_sqlvdi> $<TARGET_FILE:sqlvdi>)
  vdi_script_test(sqlvdi.environment "${CMAKE_CURRENT_SOURCE_DIR}/testing/environment_test.sh"
    $<TARGET_FILE:vendor_client> $<TARGET_FILE:sqlvdi>)
endif()
