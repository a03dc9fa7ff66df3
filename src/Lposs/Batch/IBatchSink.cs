using Lposs.Formats;

namespace Lposs.Batch;

/// <summary>Where the pictures of a pipeline end; called by several threads.</summary>
internal interface IBatchSink
{
    /// <summary>Writes a picture's results and records it as done.</summary>
    void Finish(BatchInput input, int width, int height, IReadOnlyList<ResultFile> results, double milliseconds);

    /// <summary>Records a picture as failed.</summary>
    /// <exception cref="BatchException">There are too many.</exception>
    void Fail(BatchError failure);
}
