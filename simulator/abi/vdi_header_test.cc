// Pins what binaries depend on: sizes, offsets and values of vdi.h, vdierror.h and vdi_codes.h.
#include <gtest/gtest.h>
#include <vdi.h>
#include <vdi_codes.h>
#include <vdierror.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace {

template <typename T>
constexpr bool kPlain = std::is_standard_layout_v<T>&& std::is_trivial_v<T>;

TEST(VdiHeader, LayoutOfVDConfig) {  // ABI-04
  static_assert(kPlain<VDConfig>);
  EXPECT_EQ(sizeof(VDConfig), 44U);
  EXPECT_EQ(alignof(VDConfig), 4U);
  const size_t offsets[] = {offsetof(VDConfig, deviceCount),
                            offsetof(VDConfig, features),
                            offsetof(VDConfig, prefixZoneSize),
                            offsetof(VDConfig, alignment),
                            offsetof(VDConfig, softFileMarkBlockSize),
                            offsetof(VDConfig, EOMWarningSize),
                            offsetof(VDConfig, serverTimeOut),
                            offsetof(VDConfig, blockSize),
                            offsetof(VDConfig, maxIODepth),
                            offsetof(VDConfig, maxTransferSize),
                            offsetof(VDConfig, bufferAreaSize)};
  size_t expected = 0;
  for (const size_t offset : offsets) {
    EXPECT_EQ(offset, expected);
    expected += 4;
  }
  static_assert(std::is_same_v<decltype(VDConfig::deviceCount), uint32_t>);
}

TEST(VdiHeader, LayoutOfVDC_Command) {  // ABI-04
  static_assert(kPlain<VDC_Command>);
  EXPECT_EQ(sizeof(VDC_Command), 24U);
  EXPECT_EQ(alignof(VDC_Command), 8U);
  EXPECT_EQ(offsetof(VDC_Command, commandCode), 0U);
  EXPECT_EQ(offsetof(VDC_Command, size), 4U);
  EXPECT_EQ(offsetof(VDC_Command, position), 8U);
  EXPECT_EQ(offsetof(VDC_Command, buffer), 16U);
  static_assert(std::is_same_v<decltype(VDC_Command::size), int32_t>);
}

TEST(VdiHeader, LayoutOfVDS_Command) {  // ABI-04
  static_assert(kPlain<VDS_Command>);
  EXPECT_EQ(sizeof(VDS_Command), 56U);
  EXPECT_EQ(alignof(VDS_Command), 8U);
  EXPECT_EQ(offsetof(VDS_Command, commandCode), 0U);
  EXPECT_EQ(offsetof(VDS_Command, size), 4U);
  EXPECT_EQ(offsetof(VDS_Command, inPosition), 8U);
  EXPECT_EQ(offsetof(VDS_Command, outPosition), 16U);
  EXPECT_EQ(offsetof(VDS_Command, buffer), 24U);
  EXPECT_EQ(offsetof(VDS_Command, completionRoutine), 32U);
  EXPECT_EQ(offsetof(VDS_Command, completionContext), 40U);
  EXPECT_EQ(offsetof(VDS_Command, completionCode), 48U);
  EXPECT_EQ(offsetof(VDS_Command, bytesTransferred), 52U);
}

TEST(VdiHeader, ClassesAreOnePointerWide) {  // ABI-05
  EXPECT_EQ(sizeof(ClientVirtualDevice), 8U);
  EXPECT_EQ(alignof(ClientVirtualDevice), 8U);
  EXPECT_EQ(sizeof(ClientVirtualDeviceSet), 8U);
  EXPECT_EQ(alignof(ClientVirtualDeviceSet), 8U);
  EXPECT_FALSE(std::is_polymorphic_v<ClientVirtualDevice>);
  EXPECT_FALSE(std::is_polymorphic_v<ClientVirtualDeviceSet>);
}

TEST(VdiHeader, SignaturesAreThoseOfTheSdk) {  // ABI-06, G-42, G-44
  static_assert(std::is_same_v<decltype(&ClientVirtualDevice::GetCommand),
                               int (ClientVirtualDevice::*)(time_t, VDC_Command**)>);
  static_assert(
      std::is_same_v<decltype(&ClientVirtualDevice::CompleteCommand),
                     int (ClientVirtualDevice::*)(VDC_Command*, int, unsigned long, int64_t)>);
  static_assert(std::is_same_v<decltype(&ClientVirtualDeviceSet::GetBufferHandle),
                               int (ClientVirtualDeviceSet::*)(uint8_t*, unsigned int*)>);
  static_assert(std::is_same_v<decltype(&ClientVirtualDeviceSet::MapBufferHandle),
                               int (ClientVirtualDeviceSet::*)(int, uint8_t**)>);
  static_assert(std::is_same_v<decltype(&ClientVirtualDeviceSet::RegisterDeviceClosed),
                               void (ClientVirtualDeviceSet::*)()>);
}

TEST(VdiHeader, Features) {  // F-01 to F-22
  EXPECT_EQ(VDF_Removable, 0x1U);
  EXPECT_EQ(VDF_Rewind, 0x2U);
  EXPECT_EQ(VDF_Position, 0x10U);
  EXPECT_EQ(VDF_SkipBlocks, 0x20U);
  EXPECT_EQ(VDF_ReversePosition, 0x40U);
  EXPECT_EQ(VDF_Discard, 0x80U);
  EXPECT_EQ(VDF_FileMarks, 0x100U);
  EXPECT_EQ(VDF_RandomAccess, 0x200U);
  EXPECT_EQ(VDF_SnapshotPrepare, 0x400U);
  EXPECT_EQ(VDF_EnumFrozenFiles, 0x800U);
  EXPECT_EQ(VDF_VSSWriter, 0x1000U);
  EXPECT_EQ(VDF_RequestComplete, 0x2000U);
  EXPECT_EQ(VDF_WriteMedia, 0x10000U);
  EXPECT_EQ(VDF_ReadMedia, 0x20000U);
  EXPECT_EQ(VDF_CompleteEnabled, 0x40000U);
  EXPECT_EQ(VDF_LatchStats, 0x80000000U);
  EXPECT_EQ(VDF_LikePipe, 0U);
  EXPECT_EQ(VDF_LikeTape, 0x173U);
  EXPECT_EQ(VDF_LikeDisk, 0x200U);
}

TEST(VdiHeader, Commands) {  // CMD-C01 to CMD-C19
  const int commands[] = {
      VDC_Read,          VDC_Write,       VDC_ClearError, VDC_Rewind,        VDC_WriteMark,
      VDC_SkipMarks,     VDC_SkipBlocks,  VDC_Load,       VDC_GetPosition,   VDC_SetPosition,
      VDC_Discard,       VDC_Flush,       VDC_Snapshot,   VDC_MountSnapshot, VDC_PrepareToFreeze,
      VDC_FileInfoBegin, VDC_FileInfoEnd, VDC_GetError,   VDC_Complete};
  int expected = 1;
  for (const int command : commands) EXPECT_EQ(command, expected++);
  EXPECT_EQ(VDC_Beginning, 0);
  EXPECT_EQ(VDC_Current, 1);
  EXPECT_EQ(VDC_End, 2);
}

TEST(VdiHeader, StatusCodes) {  // E-02 to E-14
  const auto code = [](uint32_t value) { return static_cast<int>(value); };
  EXPECT_EQ(VD_E_NOTOPEN, code(0x80770002));
  EXPECT_EQ(VD_E_NOTOPEN, -2139684862);
  EXPECT_EQ(VD_E_TIMEOUT, code(0x80770003));
  EXPECT_EQ(VD_E_ABORT, code(0x80770004));
  EXPECT_EQ(VD_E_SECURITY, code(0x80770005));
  EXPECT_EQ(VD_E_INVALID, code(0x80770006));
  EXPECT_EQ(VD_E_INSTANCE_NAME, code(0x80770007));
  EXPECT_EQ(VD_E_NOTSUPPORTED, code(0x80770009));
  EXPECT_EQ(VD_E_MEMORY, code(0x8077000A));
  EXPECT_EQ(VD_E_UNEXPECTED, code(0x8077000B));
  EXPECT_EQ(VD_E_PROTOCOL, code(0x8077000C));
  EXPECT_EQ(VD_E_OPEN, code(0x8077000D));
  EXPECT_EQ(VD_E_CLOSE, code(0x8077000E));
  EXPECT_EQ(VD_E_BUSY, code(0x8077000F));
  EXPECT_EQ(VD_E_QUEUE_FULL, VD_E_BUSY);  // G-01
}

TEST(VdiHeader, CompletionCodes) {  // W-01 to W-16
  EXPECT_EQ(NOERROR, 0);
  EXPECT_EQ(ERROR_SUCCESS, 0);
  EXPECT_EQ(ERROR_FILE_NOT_FOUND, 2);
  EXPECT_EQ(ERROR_ACCESS_DENIED, 5);
  EXPECT_EQ(ERROR_INVALID_HANDLE, 6);
  EXPECT_EQ(ERROR_ARENA_TRASHED, 7);
  EXPECT_EQ(ERROR_WRITE_FAULT, 29);
  EXPECT_EQ(ERROR_READ_FAULT, 30);
  EXPECT_EQ(ERROR_HANDLE_EOF, 38);
  EXPECT_EQ(ERROR_HANDLE_DISK_FULL, 39);
  EXPECT_EQ(ERROR_NOT_SUPPORTED, 50);
  EXPECT_EQ(ERROR_DISK_FULL, 112);
  EXPECT_EQ(ERROR_OPERATION_ABORTED, 995);
  EXPECT_EQ(ERROR_END_OF_MEDIA, 1100);
  EXPECT_EQ(ERROR_FILEMARK_DETECTED, 1101);
  EXPECT_EQ(ERROR_NO_DATA_DETECTED, 1104);
  EXPECT_EQ(ERROR_IO_DEVICE, 1117);
  EXPECT_EQ(ERROR_EOM_OVERFLOW, 1129);
  EXPECT_EQ(ERROR_NO_SYSTEM_RESOURCES, 1450);
  EXPECT_LT(VDI_INFINITE, 0);
}

}  // namespace
