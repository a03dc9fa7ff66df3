using Lposs.Interop;

namespace Lposs;

/// <content>The whole method on one image.</content>
public sealed unsafe partial class LpossContext
{
    private delegate void UseSegmentArguments(
        NativeSegmentInputs* inputs,
        NativeSegmentOptions* options,
        NativeSegmentOutputs* outputs
    );

    /// <summary>
    /// The whole method on one image, from encoder outputs to labels, in one call of the core: similarity, patch
    /// graph, propagation, stitch, pixel graph, propagation, maximum over the prompts of a class, resize, argmax.
    /// Classes run in blocks where they would not fit the memory limit together.
    /// </summary>
    /// <param name="inputs">What the encoders said.</param>
    /// <param name="outputs">What to write.</param>
    /// <param name="mode">How far to go.</param>
    /// <param name="parameters">null for the paper's.</param>
    public void Segment(
        SegmentInputs inputs,
        SegmentOutputs outputs,
        SegmentationMode mode = SegmentationMode.LpossPlus,
        PropagationParameters? parameters = null
    ) =>
        Use(
            inputs,
            outputs,
            mode,
            parameters,
            (nativeInputs, options, nativeOutputs) =>
            {
                lock (_calls)
                    NativeStatus.Check(NativeMethods.Segment(_handle, nativeInputs, options, nativeOutputs, null));
            }
        );

    /// <summary>The same, with a report; on CUDA this waits for the result.</summary>
    /// <param name="inputs">What the encoders said.</param>
    /// <param name="outputs">What to write.</param>
    /// <param name="mode">How far to go.</param>
    /// <param name="parameters">null for the paper's.</param>
    /// <param name="report">Milliseconds of each stage; steps and residuals of each column.</param>
    /// <param name="progress">Told the fraction that is done, 0 to 1, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the call within about a tenth of a second.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Segment(
        SegmentInputs inputs,
        SegmentOutputs outputs,
        SegmentationMode mode,
        PropagationParameters? parameters,
        out SegmentReport report,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        // A shape that the library refuses needs no room in the report.
        int prompts = inputs.Text.Shape.Rank == 2 ? (int)Math.Min(inputs.Text.Shape[0], Array.MaxLength) : 0;
        SegmentReport? filled = null;
        Use(
            inputs,
            outputs,
            mode,
            parameters,
            (nativeInputs, options, nativeOutputs) =>
                filled = SegmentReport.Fill(
                    prompts,
                    mode >= SegmentationMode.Lposs,
                    mode >= SegmentationMode.LpossPlus,
                    native =>
                    {
                        lock (_calls)
                            new ProgressHook(progress, cancellationToken).Run(
                                _handle,
                                () => NativeMethods.Segment(_handle, nativeInputs, options, nativeOutputs, native)
                            );
                    }
                )
        );
        report = filled!;
    }

    /// <summary>
    /// The most bytes that
    /// <see cref="Segment(SegmentInputs, SegmentOutputs, SegmentationMode, PropagationParameters?)"/>
    /// with these arguments takes beside the caller's own memory. Reads shapes, windows and options, no other data.
    /// </summary>
    /// <param name="inputs">What the encoders said.</param>
    /// <param name="outputs">What to write.</param>
    /// <param name="mode">How far to go.</param>
    /// <param name="parameters">null for the paper's.</param>
    /// <exception cref="LpossException">The memory limit is too small; the message has both numbers.</exception>
    public long SegmentMemory(
        SegmentInputs inputs,
        SegmentOutputs outputs,
        SegmentationMode mode = SegmentationMode.LpossPlus,
        PropagationParameters? parameters = null
    )
    {
        long bytes = 0;
        Use(
            inputs,
            outputs,
            mode,
            parameters,
            (nativeInputs, options, nativeOutputs) =>
            {
                long counted;
                lock (_calls)
                    NativeStatus.Check(
                        NativeMethods.SegmentMemory(_handle, nativeInputs, options, nativeOutputs, &counted)
                    );
                bytes = counted;
            }
        );
        return bytes;
    }

    /// <summary>Pins everything and hands it over as the library takes it.</summary>
    private static void Use(
        SegmentInputs inputs,
        SegmentOutputs outputs,
        SegmentationMode mode,
        PropagationParameters? parameters,
        UseSegmentArguments use
    )
    {
        var options = NativeParameters.From(mode, parameters ?? new PropagationParameters());
        fixed (
            byte* image = inputs.Image,
                labels = outputs.Labels
        )
        fixed (
            float* vlm = inputs.Vlm,
                vm = inputs.Vm,
                text = inputs.Text,
                confidence = outputs.Confidence,
                scores = outputs.Scores
        )
        fixed (Window* windows = inputs.Windows)
        fixed (int* promptClasses = inputs.PromptClasses)
        {
            NativeSegmentInputs nativeInputs;
            NativeMethods.SegmentInputsInit(&nativeInputs);
            nativeInputs.PatchSize = inputs.PatchSize;
            nativeInputs.Image = inputs.Image.At(image);
            nativeInputs.Windows = Windows.View(windows, inputs.Windows.Length);
            nativeInputs.Vlm = inputs.Vlm.At(vlm);
            nativeInputs.Vm = inputs.Vm.At(vm);
            nativeInputs.Text = inputs.Text.At(text);
            if (!inputs.PromptClasses.IsEmpty)
                nativeInputs.PromptClasses = TensorElement.View(
                    promptClasses,
                    NativeMemoryKind.Host,
                    new TensorShape(inputs.PromptClasses.Length)
                );

            NativeSegmentOutputs nativeOutputs;
            NativeMethods.SegmentOutputsInit(&nativeOutputs);
            nativeOutputs.Labels = outputs.Labels.At(labels);
            nativeOutputs.Confidence = outputs.Confidence.At(confidence);
            nativeOutputs.Scores = outputs.Scores.At(scores);
            use(&nativeInputs, &options, &nativeOutputs);
        }
    }
}
