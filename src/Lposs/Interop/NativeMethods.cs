using System.Runtime.InteropServices;

namespace Lposs.Interop;

/// <summary>
/// The import table of liblposs.so: every export of <c>lposs.h</c>, bound once, in the header's order. The header
/// says what the functions do. Callers make sure of <see cref="LpossLibrary.Require"/> first.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "lposs";

    // 1 Version, status, errors

    [LibraryImport(Library, EntryPoint = "lposs_version")]
    public static partial int Version();

    [LibraryImport(Library, EntryPoint = "lposs_version_string")]
    public static partial byte* VersionString();

    [LibraryImport(Library, EntryPoint = "lposs_status_name")]
    public static partial byte* StatusName(LpossStatus status);

    [LibraryImport(Library, EntryPoint = "lposs_last_error")]
    public static partial byte* LastError();

    // 2 Tensors

    [LibraryImport(Library, EntryPoint = "lposs_tensor_init")]
    public static partial void TensorInit(NativeTensor* tensor);

    // 3 Contexts

    [LibraryImport(Library, EntryPoint = "lposs_context_options_init")]
    public static partial void ContextOptionsInit(NativeContextOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_context_create")]
    public static partial LpossStatus ContextCreate(NativeContextOptions* options, out ContextHandle context);

    [LibraryImport(Library, EntryPoint = "lposs_context_destroy")]
    public static partial void ContextDestroy(nint context);

    [LibraryImport(Library, EntryPoint = "lposs_context_synchronize")]
    public static partial LpossStatus ContextSynchronize(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "lposs_context_get_stream")]
    public static partial LpossStatus ContextGetStream(ContextHandle context, void** stream);

    [LibraryImport(Library, EntryPoint = "lposs_context_get_info")]
    public static partial LpossStatus ContextGetInfo(ContextHandle context, NativeContextInfo* info);

    [LibraryImport(Library, EntryPoint = "lposs_reset_memory_peak")]
    public static partial LpossStatus ResetMemoryPeak(ContextHandle context);

    // 4 Segmenting one picture, refining

    [LibraryImport(Library, EntryPoint = "lposs_patch_graph_options_init")]
    public static partial void PatchGraphOptionsInit(NativePatchGraphOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_pixel_graph_options_init")]
    public static partial void PixelGraphOptionsInit(NativePixelGraphOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_solver_options_init")]
    public static partial void SolverOptionsInit(NativeSolverOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_segment_inputs_init")]
    public static partial void SegmentInputsInit(NativeSegmentInputs* inputs);

    [LibraryImport(Library, EntryPoint = "lposs_segment_options_init")]
    public static partial void SegmentOptionsInit(NativeSegmentOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_segment_outputs_init")]
    public static partial void SegmentOutputsInit(NativeSegmentOutputs* outputs);

    [LibraryImport(Library, EntryPoint = "lposs_solve_report_init")]
    public static partial void SolveReportInit(NativeSolveReport* report);

    [LibraryImport(Library, EntryPoint = "lposs_segment_report_init")]
    public static partial void SegmentReportInit(NativeSegmentReport* report);

    [LibraryImport(Library, EntryPoint = "lposs_segment")]
    public static partial LpossStatus Segment(
        ContextHandle context, NativeSegmentInputs* inputs, NativeSegmentOptions* options,
        NativeSegmentOutputs* outputs, NativeSegmentReport* report);

    [LibraryImport(Library, EntryPoint = "lposs_segment_memory")]
    public static partial LpossStatus SegmentMemory(
        ContextHandle context, NativeSegmentInputs* inputs, NativeSegmentOptions* options,
        NativeSegmentOutputs* outputs, long* bytes);

    [LibraryImport(Library, EntryPoint = "lposs_refine_options_init")]
    public static partial void RefineOptionsInit(NativeRefineOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_refine_inputs_init")]
    public static partial void RefineInputsInit(NativeRefineInputs* inputs);

    [LibraryImport(Library, EntryPoint = "lposs_refine")]
    public static partial LpossStatus Refine(
        ContextHandle context, NativeRefineInputs* inputs, NativeRefineOptions* options, NativeSegmentOutputs* outputs,
        NativeSegmentReport* report);

    [LibraryImport(Library, EntryPoint = "lposs_refine_memory")]
    public static partial LpossStatus RefineMemory(
        ContextHandle context, NativeRefineInputs* inputs, NativeRefineOptions* options, NativeSegmentOutputs* outputs,
        long* bytes);

    // 5 Graphs

    [LibraryImport(Library, EntryPoint = "lposs_graph_from_patches")]
    public static partial LpossStatus GraphFromPatches(
        ContextHandle context, NativeTensor* features, NativeTensor* centres, NativePatchGraphOptions* options,
        out GraphHandle graph);

    [LibraryImport(Library, EntryPoint = "lposs_graph_from_image")]
    public static partial LpossStatus GraphFromImage(
        ContextHandle context, NativeTensor* image, NativePixelGraphOptions* options, out GraphHandle graph);

    [LibraryImport(Library, EntryPoint = "lposs_graph_from_csr")]
    public static partial LpossStatus GraphFromCsr(
        ContextHandle context, NativeTensor* rowOffsets, NativeTensor* columns, NativeTensor* weights,
        out GraphHandle graph);

    [LibraryImport(Library, EntryPoint = "lposs_graph_destroy")]
    public static partial void GraphDestroy(nint graph);

    [LibraryImport(Library, EntryPoint = "lposs_graph_get_info")]
    public static partial LpossStatus GraphGetInfo(GraphHandle graph, NativeGraphInfo* info);

    // 6 Propagation

    [LibraryImport(Library, EntryPoint = "lposs_propagate")]
    public static partial LpossStatus Propagate(
        ContextHandle context, GraphHandle graph, NativeTensor* y, NativeSolverOptions* options, NativeTensor* x,
        NativeSolveReport* report);

    // 7 Windows and encoder inputs

    [LibraryImport(Library, EntryPoint = "lposs_window_count")]
    public static partial LpossStatus WindowCount(long height, long width, long crop, long stride, long* count);

    [LibraryImport(Library, EntryPoint = "lposs_windows")]
    public static partial LpossStatus Windows(long height, long width, long crop, long stride, NativeTensor* windows);

    [LibraryImport(Library, EntryPoint = "lposs_patch_count")]
    public static partial LpossStatus PatchCount(NativeTensor* windows, int patchSize, long* count);

    [LibraryImport(Library, EntryPoint = "lposs_patch_centres")]
    public static partial LpossStatus PatchCentres(NativeTensor* windows, int patchSize, NativeTensor* centres);

    [LibraryImport(Library, EntryPoint = "lposs_cut_windows")]
    public static partial LpossStatus CutWindows(
        ContextHandle context, NativeTensor* image, NativeTensor* windows, float* mean, float* std,
        NativeTensor* batch);

    // 8 Building blocks

    [LibraryImport(Library, EntryPoint = "lposs_similarity")]
    public static partial LpossStatus Similarity(
        ContextHandle context, NativeTensor* features, NativeTensor* text, NativeTensor* scores);

    [LibraryImport(Library, EntryPoint = "lposs_knn")]
    public static partial LpossStatus Knn(
        ContextHandle context, NativeTensor* features, NativeTensor* similarities, NativeTensor* indices);

    [LibraryImport(Library, EntryPoint = "lposs_stitch")]
    public static partial LpossStatus Stitch(
        ContextHandle context, NativeTensor* patchScores, NativeTensor* windows, int patchSize, NativeTensor* scores);

    [LibraryImport(Library, EntryPoint = "lposs_resize")]
    public static partial LpossStatus Resize(ContextHandle context, NativeTensor* input, NativeTensor* output);

    [LibraryImport(Library, EntryPoint = "lposs_merge_prompts")]
    public static partial LpossStatus MergePrompts(
        ContextHandle context, NativeTensor* scores, NativeTensor* promptClasses, NativeTensor* output);

    [LibraryImport(Library, EntryPoint = "lposs_argmax")]
    public static partial LpossStatus ArgMax(
        ContextHandle context, NativeTensor* scores, NativeTensor* labels, NativeTensor* confidence);

    [LibraryImport(Library, EntryPoint = "lposs_rgb_to_lab")]
    public static partial LpossStatus RgbToLab(ContextHandle context, NativeTensor* image, NativeTensor* lab);

    // 9 Device memory and DLPack

    [LibraryImport(Library, EntryPoint = "lposs_allocate")]
    public static partial LpossStatus Allocate(ContextHandle context, long bytes, void** pointer);

    [LibraryImport(Library, EntryPoint = "lposs_release")]
    public static partial LpossStatus Release(nint context, void* pointer, long bytes);

    [LibraryImport(Library, EntryPoint = "lposs_copy")]
    public static partial LpossStatus Copy(ContextHandle context, NativeTensor* source, NativeTensor* target);

    [LibraryImport(Library, EntryPoint = "lposs_device_probe")]
    public static partial LpossStatus DeviceProbe(LpossDevice device, int deviceIndex, byte* name, nuint capacity);

    [LibraryImport(Library, EntryPoint = "lposs_tensor_from_dlpack")]
    public static partial LpossStatus TensorFromDlpack(DlpackTensor* source, NativeTensor* tensor);

    [LibraryImport(Library, EntryPoint = "lposs_tensor_to_dlpack")]
    public static partial LpossStatus TensorToDlpack(NativeTensor* tensor, int deviceIndex, DlpackTensor* target);
}
