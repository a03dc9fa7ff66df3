namespace Lposs.Batch;

/// <summary>Told what a run does, from several threads but one call at a time.</summary>
public interface IBatchObserver
{
    /// <summary>The run begins.</summary>
    /// <param name="inputs">Pictures that belong to it.</param>
    /// <param name="doneBefore">Those of them that are done.</param>
    void Started(long inputs, long doneBefore);

    /// <summary>A picture is done; its results are in their places.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="stages">What the stages did until now.</param>
    void Finished(BatchPicture picture, IReadOnlyList<StageReport> stages);

    /// <summary>A picture failed; the run goes on.</summary>
    void Failed(BatchError failure);
}
