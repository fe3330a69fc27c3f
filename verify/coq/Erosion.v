(** * Erosion: no grade of a multigrade network makes the residual larger at any point

    A sweep takes steps at different nodes of one grid. Each step has the sign that the residual r has wherever the
    node's hat is positive, and is nowhere there larger than |r|; r is the residual before the sweep. Because the
    hats of a grid add up to 1, all steps of the sweep together never overshoot: at every point every grade brings
    the absolute residual down by exactly |step| * hat. Nothing is asked of the target, not even continuity.
    Source: arXiv 2601.16884; docs/multigrade.md, "Erosion". *)

From Coq Require Import Reals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork.
Import ListNotations.
Local Open Scope R_scope.

(** ** Sweeps *)

(** The step [c] at the node k/m overshoots nowhere: where the hat is positive, the residual [r] has the sign of
    [c] and is at least as large. *)
Definition safe (d m : nat) (r : list R -> R) (k : list Z) (c : R) : Prop :=
  forall x, cube d x -> 0 < hat d m k x -> 0 <= c * r x /\ Rabs c <= Rabs (r x).

(** Safe steps at different nodes of the grid of mesh 1/m. *)
Definition sweep (d m : nat) (r : list R -> R) (gs : list (grade R)) : Prop :=
  (1 <= m)%nat /\ NoDup (map node gs) /\
  forall g, In g gs -> cells g = m /\ In (node g) (nodes d m) /\ safe d m r (node g) (step g).

(** What is left of [r] after the grades [gs]. *)
Definition left_over (d : nat) (r : list R -> R) (gs : list (grade R)) (x : list R) : R := r x - grade_sum d gs x.

(** Sweeps one after another, each for what the ones before have left. *)
Fixpoint erosion (d : nat) (f : list R -> R) (sweeps : list (nat * list (grade R))) : Prop :=
  match sweeps with
  | [] => True
  | (m, gs) :: rest => sweep d m f gs /\ erosion d (left_over d f gs) rest
  end.

(** All grades of all sweeps, in their order. *)
Definition grades (sweeps : list (nat * list (grade R))) : list (grade R) := flat_map snd sweeps.

(** The amount by which a grade brings the residual down at [x]. *)
Definition amount (d : nat) (x : list R) (g : grade R) : R := Rabs (step g) * hat d (cells g) (node g) x.

(** [s] lies between 0 and [r]. *)
Definition between (r s : R) : Prop := 0 <= s <= r \/ r <= s <= 0.

(** ** One sweep *)

Lemma NoDup_left : forall A (l l' : list A), NoDup (l ++ l') -> NoDup l.
Proof.
  induction l as [|a l IH]; intros l' H; [constructor|]. inversion H as [|? ? Ha Hl]; subst.
  constructor; [|eapply IH; exact Hl]. rewrite in_app_iff in Ha. tauto.
Qed.

Lemma sweep_firstn : forall d m r gs i, sweep d m r gs -> sweep d m r (firstn i gs).
Proof.
  intros d m r gs i (Hm & Hn & Hg). rewrite <- (firstn_skipn i gs) in Hn, Hg. rewrite map_app in Hn.
  split; [assumption|]. split.
  - apply NoDup_left in Hn; assumption.
  - intros g Hin. apply Hg, in_app_iff. left; assumption.
Qed.

(** The amounts of a sweep are together at most the residual. *)
Lemma sweep_amount : forall d m r gs x, sweep d m r gs -> cube d x -> total gs (amount d x) <= Rabs (r x).
Proof.
  intros d m r gs x (Hm & Hn & Hg) Hx.
  apply Rle_trans with (total gs (fun g => Rabs (r x) * hat d m (node g) x)).
  - apply total_le. intros g Hin. destruct (Hg g Hin) as (E & _ & Hs). unfold amount. rewrite E.
    pose proof (hat_range d m (node g) x) as [H0 _]. destruct H0 as [H0|H0]; [|rewrite <- H0; lra].
    apply Rmult_le_compat_r; [lra|]. apply (Hs x Hx H0).
  - rewrite total_scale, <- (total_map _ _ node gs (fun k => hat d m k x)).
    assert (total (map node gs) (fun k => hat d m k x) <= 1).
    { rewrite <- (partition_of_unity d m x Hm Hx). apply total_part; [assumption| |intros; apply hat_range].
      intros k Hk. apply in_map_iff in Hk. destruct Hk as (g & <- & Hin). apply (Hg g Hin). }
    pose proof (Rabs_pos (r x)). nra.
Qed.

(** After a sweep, or a part of it, the residual is smaller by the amounts and has not changed its sign. *)
Lemma sweep_exact : forall d m r gs x, sweep d m r gs -> cube d x ->
  Rabs (left_over d r gs x) = Rabs (r x) - total gs (amount d x) /\ between (r x) (left_over d r gs x).
Proof.
  intros d m r gs x Hs Hx. pose proof (sweep_amount d m r gs x Hs Hx) as H1. destruct Hs as (Hm & Hn & Hg).
  assert (H0 : 0 <= total gs (amount d x)).
  { apply total_nonneg. intros; unfold amount. apply Rmult_le_pos; [apply Rabs_pos|apply hat_range]. }
  assert (E : grade_sum d gs x = (if Rle_dec 0 (r x) then 1 else -1) * total gs (amount d x)).
  { unfold grade_sum. rewrite <- total_scale. apply total_ext. intros g Hin.
    destruct (Hg g Hin) as (E & _ & Hs). unfold amount. rewrite E.
    pose proof (hat_range d m (node g) x) as [Hh _]. destruct Hh as [Hh|Hh]; [|rewrite <- Hh; ring].
    destruct (Hs x Hx Hh) as [S1 S2]. rewrite <- Rmult_assoc. f_equal.
    destruct (Rle_dec 0 (r x)).
    - rewrite Rabs_right; [ring|]. destruct (Rle_lt_dec 0 (step g)); [lra|].
      rewrite (Rabs_right (r x)), Rabs_left in S2 by lra. nra.
    - rewrite Rabs_left1; [ring|]. nra. }
  unfold left_over, between. rewrite E. destruct (Rle_dec 0 (r x)).
  - rewrite (Rabs_right (r x)) in * by lra. rewrite Rabs_right by lra. split; [ring|left; lra].
  - rewrite (Rabs_left (r x)) in * by lra. rewrite Rabs_left1 by lra. split; [ring|right; lra].
Qed.

(** ** All sweeps *)

Lemma between_abs : forall r s, between r s -> Rabs (r - s) <= Rabs r.
Proof. intros r s [H|H]; unfold Rabs; repeat destruct Rcase_abs; lra. Qed.

Lemma grade_sum_app : forall d a b x, grade_sum d (a ++ b) x = grade_sum d a x + grade_sum d b x.
Proof. intros; apply total_app. Qed.

Lemma left_over_app : forall d r a b x, left_over d r (a ++ b) x = left_over d (left_over d r a) b x.
Proof. intros; unfold left_over. rewrite grade_sum_app; ring. Qed.

Lemma left_over_nil : forall d r x, left_over d r [] x = r x.
Proof. intros; unfold left_over, grade_sum, total; cbn [fold_right]; ring. Qed.

Lemma erosion_exact : forall d sweeps f x i, erosion d f sweeps -> cube d x ->
  Rabs (left_over d f (firstn i (grades sweeps)) x) = Rabs (f x) - total (firstn i (grades sweeps)) (amount d x) /\
  between (f x) (left_over d f (firstn i (grades sweeps)) x).
Proof.
  intros d. induction sweeps as [|[m gs] rest IH]; intros f x i He Hx.
  - cbn [grades flat_map]. rewrite firstn_nil, left_over_nil. unfold total, between; cbn [fold_right].
    split; [ring|]. destruct (Rle_dec 0 (f x)); lra.
  - destruct He as [Hs He]. cbn [grades flat_map snd]. fold (grades rest).
    rewrite firstn_app, left_over_app, total_app.
    destruct (le_lt_dec (length gs) i) as [Hi|Hi].
    + rewrite firstn_all2 by assumption.
      destruct (sweep_exact d m f gs x Hs Hx) as [E1 B1].
      destruct (IH _ x (i - length gs)%nat He Hx) as [E2 B2]. rewrite E2, E1. split; [ring|].
      unfold between in *. lra.
    + replace (i - length gs)%nat with 0%nat by lia. cbn [firstn].
      destruct (sweep_exact d m f _ x (sweep_firstn d m f gs i Hs) Hx) as [E1 B1].
      rewrite left_over_nil, E1. unfold total at 3; cbn [fold_right]. split; [ring|exact B1].
Qed.

(** What the first [i] grades of the network give; nothing if i = 0, and else its readout i. *)
Definition stage (n : network R) (i : nat) (x : list R) : R :=
  match i with O => 0 | S j => match nth_error (readouts n) j with Some r => output n r x | None => 0 end end.

Lemma stage_eval : forall d B f sweeps x i, (1 <= d)%nat -> cube d x -> Rabs (f x) <= IZR B -> erosion d f sweeps ->
  (i <= length (grades sweeps))%nat ->
  stage (multigrade IZR d B (grades sweeps)) i x = grade_sum d (firstn i (grades sweeps)) x.
Proof.
  intros d B f sweeps x i Hd Hx HB He Hi. destruct i as [|j]; [reflexivity|]. unfold stage.
  destruct (multigrade_computes d B (grades sweeps) x (S j) Hd Hx) as (r & E & _ & _ & H); [lia| |].
  - intros i' _. destruct (erosion_exact d sweeps f x i' He Hx) as [_ H]. apply between_abs in H.
    set (p := grade_sum d (firstn i' (grades sweeps)) x) in *.
    unfold left_over in H; fold p in H. replace (f x - (f x - p)) with p in H by ring.
    pose proof (Rle_abs (- p)) as H'. rewrite Rabs_Ropp in H'. lra.
  - replace (S j - 1)%nat with j in E by lia. rewrite E. exact H.
Qed.

(** For every d >= 1, every bounded target f on the cube, |f| <= B, and every sequence of erosion sweeps for it:
    at every point of the cube, the absolute residual of readout i+1 of the multigrade network is that of readout i
    less |step| * hat of grade i+1. So it grows at no point and falls at every point where that hat is positive. *)
Theorem multigrade_erodes : forall d B f sweeps x i g, (1 <= d)%nat -> cube d x ->
  Rabs (f x) <= IZR B -> erosion d f sweeps -> nth_error (grades sweeps) i = Some g ->
  let network := multigrade IZR d B (grades sweeps) in
  Rabs (f x - stage network (S i) x) =
  Rabs (f x - stage network i x) - Rabs (step g) * hat d (cells g) (node g) x.
Proof.
  intros d B f sweeps x i g Hd Hx HB He Hg n.
  assert (Hi : (i < length (grades sweeps))%nat) by (apply nth_error_Some; congruence).
  unfold n. rewrite !(stage_eval d B f) by (assumption || lia).
  fold (left_over d f (firstn (S i) (grades sweeps)) x) (left_over d f (firstn i (grades sweeps)) x).
  destruct (erosion_exact d sweeps f x (S i) He Hx) as [-> _]. destruct (erosion_exact d sweeps f x i He Hx) as [-> _].
  assert (E : firstn (S i) (grades sweeps) = firstn i (grades sweeps) ++ [g]).
  { clear -Hg. revert i Hg. induction (grades sweeps) as [|h gs IH]; intros [|i] Hg; try discriminate; cbn in *.
    - injection Hg; intros ->; reflexivity.
    - f_equal. apply IH; assumption. }
  rewrite E, total_app, total_cons. change (total [] (amount d x)) with 0.
  change (amount d x g) with (Rabs (step g) * hat d (cells g) (node g) x). ring.
Qed.
