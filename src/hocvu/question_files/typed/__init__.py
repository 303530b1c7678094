"""Questions as people type them, in whatever program: `Câu 1. … A. … *B. …`, `Đáp án: B`."""
