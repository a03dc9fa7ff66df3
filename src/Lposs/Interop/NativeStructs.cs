using System.Runtime.InteropServices;

namespace Lposs.Interop;

// The structs of lposs.h, member for member. Those with an _init function are filled by it, so that defaults are
// declared once, in the library.

/// <summary>lposs_dtype.</summary>
internal enum NativeDtype
{
    Float32 = 1,
    UInt8 = 2,
    UInt16 = 3,
    Int32 = 4,
    Int64 = 5,
}

/// <summary>lposs_memory.</summary>
internal enum NativeMemoryKind
{
    Host = 0,
    Cuda = 1,
}

/// <summary>lposs_tensor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTensor
{
    public uint StructSize;
    public NativeDtype Dtype;
    public NativeMemoryKind Memory;
    public int Ndim;
    public fixed long Shape[TensorShape.LargestRank];
    public void* Data;
}

/// <summary>lposs_allocator.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeAllocator
{
    public uint StructSize;
    public void* User;
    public delegate* unmanaged[Cdecl]<void*, nuint, void*, void*> Allocate;
    public delegate* unmanaged[Cdecl]<void*, void*, nuint, void*, void> Release;
}

/// <summary>lposs_context_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeContextOptions
{
    public uint StructSize;
    public LpossDevice Device;
    public int DeviceIndex;
    public int ThreadCount;
    public long MemoryLimit;
    public void* Stream;
    public NativeAllocator* Allocator;
}

/// <summary>lposs_context_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeContextInfo
{
    public const int DeviceNameLength = 128;
    public const int BackendLength = 64;

    public uint StructSize;
    public LpossDevice Device;
    public int DeviceIndex;
    public int ThreadCount;
    public long MemoryInUse;
    public long MemoryPeak;
    public fixed byte DeviceName[DeviceNameLength];
    public fixed byte Backend[BackendLength];
}

/// <summary>lposs_patch_graph_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativePatchGraphOptions
{
    public uint StructSize;
    public int K;
    public float Gamma;
    public float Sigma;
    public float DistancePower;
    public int Centre;
    public fixed uint Reserved[4];
}

/// <summary>lposs_pixel_graph_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativePixelGraphOptions
{
    public uint StructSize;
    public float Tau;
    public int Radius;
    public fixed uint Reserved[5];
}

/// <summary>lposs_solver_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeSolverOptions
{
    public uint StructSize;
    public float Alpha;
    public float Tolerance;
    public int MaxSteps;
    public int SubtractClassMean;
    public fixed uint Reserved[5];
}

/// <summary>lposs_segment_inputs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSegmentInputs
{
    public uint StructSize;
    public int PatchSize;
    public NativeTensor Image;
    public NativeTensor Windows;
    public NativeTensor Vlm;
    public NativeTensor Vm;
    public NativeTensor Text;
    public NativeTensor PromptClasses;
}

/// <summary>lposs_segment_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSegmentOptions
{
    public uint StructSize;
    public SegmentationMode Mode;
    public NativePatchGraphOptions PatchGraph;
    public NativePixelGraphOptions PixelGraph;
    public NativeSolverOptions PatchSolver;
    public NativeSolverOptions PixelSolver;
}

/// <summary>lposs_segment_outputs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSegmentOutputs
{
    public uint StructSize;
    public NativeTensor Labels;
    public NativeTensor Confidence;
    public NativeTensor Scores;
}

/// <summary>lposs_solve_report.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeSolveReport
{
    public uint StructSize;
    public int ColumnCapacity;
    public int* Steps;
    public float* Residuals;
    public int ColumnCount;
    public int Converged;
    public float LargestResidual;
    public uint Reserved;
    public double Milliseconds;
    public fixed ulong MoreReserved[2];
}

/// <summary>lposs_segment_report.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSegmentReport
{
    public uint StructSize;
    public uint Reserved;
    public NativeSolveReport Patch;
    public NativeSolveReport Pixel;
    public double SimilarityMs;
    public double PatchGraphMs;
    public double PatchSolveMs;
    public double StitchMs;
    public double PixelGraphMs;
    public double PixelSolveMs;
    public double LabelMs;
    public double TotalMs;
}

/// <summary>lposs_refine_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeRefineOptions
{
    public uint StructSize;
    public NativePixelGraphOptions Graph;
    public NativeSolverOptions Solver;
    public uint Reserved;
}

/// <summary>lposs_refine_inputs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeRefineInputs
{
    public uint StructSize;
    public int Classes;
    public int Ignore;
    public uint Reserved;
    public NativeTensor Image;
    public NativeTensor Scores;
    public NativeTensor Labels;
}

/// <summary>lposs_graph_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeGraphInfo
{
    public uint StructSize;
    public LpossDevice Device;
    public long NodeCount;
    public long EdgeCount;
    public long Memory;
}

/// <summary>lposs_option_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOptionInfo
{
    public uint StructSize;
    public int IsInteger;
    public byte* Name;
    public double Standard;
    public double Minimum;
    public double Maximum;
    public int ExcludesMinimum;
    public int ExcludesMaximum;
}

/// <summary>DLPack's DLTensor (dlpack.h), which lposs.h leaves to that header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DlpackTensor
{
    public void* Data;
    public int DeviceType;
    public int DeviceId;
    public int Ndim;
    public byte TypeCode;
    public byte TypeBits;
    public ushort TypeLanes;
    public long* Shape;
    public long* Strides;
    public ulong ByteOffset;
}
