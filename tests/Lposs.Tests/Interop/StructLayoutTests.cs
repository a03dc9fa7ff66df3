using System.Runtime.InteropServices;
using Lposs.Interop;
using Xunit;

namespace Lposs.Tests.Interop;

/// <summary>
/// The mirrored structs against literals, worked out by hand from lposs.h for 64-bit systems, and against the sizes
/// that the library itself writes.
/// </summary>
public sealed unsafe class StructLayoutTests
{
    public static TheoryData<Type, int, string> Layouts =>
        new()
        {
            { typeof(NativeTensor), 56, "StructSize 0, Dtype 4, Memory 8, Ndim 12, Shape 16, Data 48" },
            { typeof(NativeAllocator), 32, "StructSize 0, User 8, Allocate 16, Release 24" },
            {
                typeof(NativeContextOptions),
                40,
                "StructSize 0, Device 4, DeviceIndex 8, ThreadCount 12, MemoryLimit 16, Stream 24, Allocator 32"
            },
            {
                typeof(NativeContextInfo),
                224,
                "StructSize 0, Device 4, DeviceIndex 8, ThreadCount 12, MemoryInUse 16, MemoryPeak 24, DeviceName 32, "
                    + "Backend 160"
            },
            {
                typeof(NativePatchGraphOptions),
                40,
                "StructSize 0, K 4, Gamma 8, Sigma 12, DistancePower 16, Centre 20, Reserved 24"
            },
            { typeof(NativePixelGraphOptions), 32, "StructSize 0, Tau 4, Radius 8, Reserved 12" },
            {
                typeof(NativeSolverOptions),
                40,
                "StructSize 0, Alpha 4, Tolerance 8, MaxSteps 12, SubtractClassMean 16, Reserved 20"
            },
            {
                typeof(NativeSegmentInputs),
                344,
                "StructSize 0, PatchSize 4, Image 8, Windows 64, Vlm 120, Vm 176, Text 232, PromptClasses 288"
            },
            {
                typeof(NativeSegmentOptions),
                160,
                "StructSize 0, Mode 4, PatchGraph 8, PixelGraph 48, PatchSolver 80, PixelSolver 120"
            },
            {
                typeof(NativeOptionInfo),
                48,
                "StructSize 0, IsInteger 4, Name 8, Standard 16, Minimum 24, Maximum 32, ExcludesMinimum 40, "
                    + "ExcludesMaximum 44"
            },
            { typeof(NativeSegmentOutputs), 176, "StructSize 0, Labels 8, Confidence 64, Scores 120" },
            {
                typeof(NativeSolveReport),
                64,
                "StructSize 0, ColumnCapacity 4, Steps 8, Residuals 16, ColumnCount 24, Converged 28, "
                    + "LargestResidual 32, Reserved 36, Milliseconds 40, MoreReserved 48"
            },
            {
                typeof(NativeSegmentReport),
                200,
                "StructSize 0, Reserved 4, Patch 8, Pixel 72, SimilarityMs 136, PatchGraphMs 144, PatchSolveMs 152, "
                    + "StitchMs 160, PixelGraphMs 168, PixelSolveMs 176, LabelMs 184, TotalMs 192"
            },
            { typeof(NativeRefineOptions), 80, "StructSize 0, Graph 4, Solver 36, Reserved 76" },
            {
                typeof(NativeRefineInputs),
                184,
                "StructSize 0, Classes 4, Ignore 8, Reserved 12, Image 16, Scores 72, Labels 128"
            },
            { typeof(NativeGraphInfo), 32, "StructSize 0, Device 4, NodeCount 8, EdgeCount 16, Memory 24" },
            {
                typeof(DlpackTensor),
                48,
                "Data 0, DeviceType 8, DeviceId 12, Ndim 16, TypeCode 20, TypeBits 21, TypeLanes 22, Shape 24, "
                    + "Strides 32, ByteOffset 40"
            },
        };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_struct_has_the_layout_of_the_header(Type type, int size, string members)
    {
        var fields = type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public);

        Assert.Equal(
            members,
            string.Join(", ", fields.Select(field => $"{field.Name} {Marshal.OffsetOf(type, field.Name)}"))
        );
        Assert.Equal(size, Marshal.SizeOf(type));
    }

    [Fact]
    public void Windows_are_rows_of_four_numbers_as_the_library_reads_them()
    {
        Window[] windows = [new(1, 2, 3, 4), new(5, 6, 7, 8)];

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], MemoryMarshal.Cast<Window, int>(windows).ToArray());
    }

    [Fact]
    public void The_library_writes_the_same_sizes()
    {
        NativeTensor tensor;
        NativeMethods.TensorInit(&tensor);
        NativeContextOptions context;
        NativeMethods.ContextOptionsInit(&context);
        NativePatchGraphOptions patchGraph;
        NativeMethods.PatchGraphOptionsInit(&patchGraph);
        NativePixelGraphOptions pixelGraph;
        NativeMethods.PixelGraphOptionsInit(&pixelGraph);
        NativeSolverOptions solver;
        NativeMethods.SolverOptionsInit(&solver);
        NativeSegmentInputs inputs;
        NativeMethods.SegmentInputsInit(&inputs);
        NativeSegmentOptions options;
        NativeMethods.SegmentOptionsInit(&options);
        NativeSegmentOutputs outputs;
        NativeMethods.SegmentOutputsInit(&outputs);
        NativeSolveReport solve;
        NativeMethods.SolveReportInit(&solve);
        NativeSegmentReport report;
        NativeMethods.SegmentReportInit(&report);
        NativeRefineOptions refine;
        NativeMethods.RefineOptionsInit(&refine);
        NativeRefineInputs refineInputs;
        NativeMethods.RefineInputsInit(&refineInputs);

        Assert.Equal((uint)sizeof(NativeTensor), tensor.StructSize);
        Assert.Equal((uint)sizeof(NativeContextOptions), context.StructSize);
        Assert.Equal((uint)sizeof(NativePatchGraphOptions), patchGraph.StructSize);
        Assert.Equal((uint)sizeof(NativePixelGraphOptions), pixelGraph.StructSize);
        Assert.Equal((uint)sizeof(NativeSolverOptions), solver.StructSize);
        Assert.Equal((uint)sizeof(NativeSegmentInputs), inputs.StructSize);
        Assert.Equal((uint)sizeof(NativeTensor), inputs.PromptClasses.StructSize);
        Assert.Equal((uint)sizeof(NativeSegmentOptions), options.StructSize);
        Assert.Equal((uint)sizeof(NativeSolverOptions), options.PixelSolver.StructSize);
        Assert.Equal((uint)sizeof(NativeSegmentOutputs), outputs.StructSize);
        Assert.Equal((uint)sizeof(NativeSolveReport), solve.StructSize);
        Assert.Equal((uint)sizeof(NativeSegmentReport), report.StructSize);
        Assert.Equal((uint)sizeof(NativeSolveReport), report.Pixel.StructSize);
        Assert.Equal((uint)sizeof(NativeRefineOptions), refine.StructSize);
        Assert.Equal((uint)sizeof(NativeRefineInputs), refineInputs.StructSize);
    }

    [Fact]
    public void The_library_refuses_an_information_struct_of_another_size()
    {
        using var context = new LpossContext(new LpossContextOptions { Threads = 1 });
        using var graph = LpossGraph.FromCsr(context, [0, 0], [], []);
        NativeGraphInfo info = default;
        info.StructSize = (uint)sizeof(NativeGraphInfo) - 8;

        Assert.Equal(NativeStatusCode.InvalidArgument, NativeMethods.GraphGetInfo(graph.Handle, &info));
    }

    [Fact]
    public void The_parameters_of_the_method_are_the_same_in_both_languages()
    {
        NativeSegmentOptions native;
        NativeMethods.SegmentOptionsInit(&native);

        var managed = NativeParameters.From(SegmentationMode.LpossPlus, new PropagationParameters());

        Assert.Equal(Bytes(native), Bytes(managed));
    }

    private static byte[] Bytes(NativeSegmentOptions options) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<NativeSegmentOptions>(in options)).ToArray();
}
