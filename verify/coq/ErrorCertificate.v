(** * The errors that a geometric certificate states, checked by the kernel

    ||f - Phi_l||_p <= C omega_p(f, N^-l) at the levels l of a network of floor digits and bit decoders
    (docs/geometric.md; the statement is that of arXiv 2604.20219), p a positive integer or infinity. The modulus of
    continuity is a supremum over shifts; a certificate names one shift, whose value is a lower bound of it, and so
    do the statements here: a shift s that omega_p(f, N^-l) allows, and the error bounded by C times what that
    one shift gives. For integer p both sides are means of p-th powers (Means.v). One boolean, computed by the kernel,
    stands for all levels. *)

From Coq Require Import Reals QArith Qreals Qabs ZArith List Lia Lra.
From Approxcert Require Import Sums Network Levels Cells BitDecoder GeometricFloor GridBoxes BoxCheck TableLink Computing
  GeometricCertificate Means MeanCheck.
Import ListNotations.
Local Open Scope R_scope.

Module Averages := MeanCheck.Make Intervals.

(** ** What is stated *)

(** ||f - phi||_p <= C omega_p(f, N^-l), in p-th powers: some shift s that the modulus allows has a mean of
    |f(x + s) - f(x)|^p of at least m, and the mean of |f - phi|^p is at most C^p m. *)
Definition error_in_mean (kind : modulus_kind) (d N p : nat) (C : Q) (f phi : list R -> R) (l : nat) : Prop :=
  0 <= Q2R C /\ exists s m, allowed kind d (side N l) s /\
    moved_mean_at_least d s (fun x => Rabs (f (moved s x) - f x) ^ p) m /\
    mean_at_most d (fun x => Rabs (f x - phi x) ^ p) (Q2R C ^ p * m).

(** ||f - phi|| <= C omega(f, N^-l) in the supremum over all points: some shift s that the modulus allows and a point x
    have |f - phi| <= C |f(x + s) - f(x)| at every point of the cube. *)
Definition error_in_supremum (kind : modulus_kind) (d N : nat) (C : Q) (f phi : list R -> R) (l : nat) : Prop :=
  0 <= Q2R C /\ exists s x, allowed kind d (side N l) s /\ cube d x /\ cube d (moved s x) /\
    forall y, cube d y -> Rabs (f y - phi y) <= Q2R C * Rabs (f (moved s x) - f x).

(** ** Shifts *)

Fixpoint one_axis (t : Q) (s : list Q) : bool :=
  match s with
  | [] => false
  | q :: rest => Qle_bool (Qabs q) t && forallb (Qeq_bool 0) rest || Qeq_bool q 0 && one_axis t rest
  end.

Definition shift_ok (kind : modulus_kind) (d : nat) (t : Q) (s : list Q) : bool :=
  (length s =? d)%nat &&
  match kind with Axis => one_axis t s | Euclidean => Qle_bool (square_length s) (t * t) end.

Lemma one_axis_sound : forall t s, one_axis t s = true ->
  exists i, (Qabs (nth i s 0) <= t)%Q /\ forall j, j <> i -> (nth j s 0 == 0)%Q.
Proof.
  intros t s. induction s as [|q s IH]; [discriminate|]. cbn [one_axis]. intros H.
  apply orb_prop in H. destruct H as [H|H]; apply andb_prop in H; destruct H as [H0 H1].
  - exists 0%nat. split; [apply Qle_bool_iff; assumption|]. intros [|j] Hj; [congruence|]. cbn [nth].
    destruct (nth_in_or_default j s 0%Q) as [Hin| ->]; [|reflexivity].
    rewrite forallb_forall in H1. symmetry. apply Qeq_bool_iff. apply H1. assumption.
  - destruct (IH H1) as (i & Hi & Hj). exists (S i). split; [assumption|].
    intros [|j] Hne; [apply Qeq_bool_iff; assumption|]. apply Hj. congruence.
Qed.

Lemma shift_ok_sound : forall kind d t s, shift_ok kind d t s = true -> allowed kind d t s.
Proof.
  intros kind d t s H. apply andb_prop in H. destruct H as [Hl H]. split; [apply Nat.eqb_eq; assumption|].
  destruct kind; [apply one_axis_sound; assumption|apply Qle_bool_iff; assumption].
Qed.

(** ** Integer p *)

Fixpoint power (p : nat) (q : Q) : Q := match p with O => 1%Q | S r => (q * power r q)%Q end.

Lemma Q2R_power : forall p q, Q2R (power p q) = Q2R q ^ p.
Proof. intros p q. induction p; [unfold Q2R; simpl; field|]. cbn [power pow]. rewrite Q2R_mult, IHp. reflexivity. Qed.

(** Of one level: the shift, the lower bound of its mean, boxes a side for that, boxes a cell and axis for the error. *)
Record mean_data := MeanData { shift : list Q; modulus : Q; fineness : Z; pieces : Z }.

(** The value of the table of level l on its cells. *)
Definition level_value (N : nat) (value0 : Q) (data : list level_data) (l : nat) : list Z -> Intervals.type :=
  Averages.cell_value precision (Z.of_nat N) (Averages.B.of_Q precision value0)
    (map (Averages.B.ready precision) (rev (listed_from N 1 (firstn l (map level_of data))))).

Definition mean_ok (kind : modulus_kind) (d N p : nat) (C : Q) (ranges : Z -> list Z -> Intervals.type) (value0 : Q)
    (data : list level_data) (l : nat) (e : mean_data) : bool :=
  shift_ok kind d (side N l) (shift e) &&
  Averages.modulus_ok precision d p (fineness e) (shift e) (ranges (fineness e)) (modulus e) &&
  Averages.error_ok precision d p (grid N l) (pieces e) (ranges (grid N l * pieces e)%Z) (level_value N value0 data l)
    (power p C * modulus e).

(** [ok] for the levels from l on. *)
Fixpoint all_levels {A : Type} (ok : nat -> A -> bool) (l : nat) (es : list A) : bool :=
  match es with [] => true | e :: finer => ok l e && all_levels ok (S l) finer end.

Lemma all_levels_true : forall A (ok : nat -> A -> bool) es l, all_levels ok l es = true ->
  forall i, (i < length es)%nat -> exists e, ok (l + i)%nat e = true.
Proof.
  induction es as [|e es IH]; intros l H [|i] Hi; cbn in Hi; try lia; cbn [all_levels] in H;
    apply andb_prop in H; destruct H as [H0 H1].
  - exists e. rewrite Nat.add_0_r. assumption.
  - rewrite Nat.add_succ_r. apply (IH (S l)); [assumption|lia].
Qed.

(** The levels 0, 1, ..., one for each of [errors]. *)
Definition check_means (kind : modulus_kind) (d N p : nat) (C : Q) (ranges : Z -> list Z -> Intervals.type) (value0 : Q)
    (data : list level_data) (errors : list mean_data) : bool :=
  (2 <=? N)%nat && forallb bits_ok data && (length errors <=? S (length data))%nat && Qle_bool 0 C &&
  all_levels (mean_ok kind d N p C ranges value0 data) 0 errors.

Lemma level_value_sound : forall d N value0 data l, (2 <= N)%nat -> forallb bits_ok data = true ->
  (l <= length data)%nat -> forall x, cube d x ->
  Averages.B.encloses (level_value N value0 data l (box_of (grid N l) x))
    (Phi (real (data_network d N value0 data)) l x).
Proof.
  intros d N value0 data l HN Hb Hl x Hx. assert (Hok : Forall level_ok (map level_of data)).
  { apply Forall_map, Forall_forall. intros v Hv. apply level_of_ok. rewrite forallb_forall in Hb. auto. }
  pose proof (store_of_ok d N value0 _ HN Hok) as Hs. rewrite map_length in Hs.
  destruct (geometric_floor_computes d N (length data) _ HN Hs) as (_ & _ & _ & _ & T).
  unfold data_network. rewrite T, <- table_checked by (assumption || rewrite map_length; assumption).
  apply Averages.cell_value_sound.
Qed.

(** If the kernel computes [true], then at every level l that has an entry in [errors], ||f - Phi_l||_p is at most C
    times the modulus of continuity omega_p(f, N^-l) (with shifts along the axes, or in all directions), the modulus
    being witnessed by one shift; for every positive integer p, any d and N, and any target that comes with enclosures
    on closed boxes. *)
Theorem check_means_sound : forall kind d N p C f ranges value0 data errors,
  Averages.encloses_in_boxes d f ranges ->
  check_means kind d N p C ranges value0 data errors = true ->
  forall l, (l < length errors)%nat ->
  error_in_mean kind d N p C f (Phi (real (data_network d N value0 data)) l) l.
Proof.
  intros kind d N p C f ranges value0 data errors Hf H l Hl.
  apply andb_prop in H. destruct H as [H HL]. apply andb_prop in H. destruct H as [H HC].
  apply andb_prop in H. destruct H as [H Hn]. apply andb_prop in H. destruct H as [HN Hb].
  apply Nat.leb_le in HN. apply Nat.leb_le in Hn. apply Qle_bool_iff, Qle_Rle in HC.
  destruct (all_levels_true _ _ _ _ HL l Hl) as [e He]. cbn [Nat.add] in He.
  apply andb_prop in He. destruct He as [He HE]. apply andb_prop in He. destruct He as [Hs Hm].
  split; [replace 0 with (Q2R 0) by (unfold Q2R; simpl; field); assumption|].
  exists (shift e), (Q2R (modulus e)). split; [apply shift_ok_sound; assumption|]. split.
  - refine (Averages.modulus_ok_sound precision d p _ _ f ranges _ Hf Hm).
  - rewrite <- Q2R_power, <- Q2R_mult.
    refine (Averages.error_ok_sound precision d p _ _ f ranges _ _ _ Hf _ HE).
    apply level_value_sound; [assumption|assumption|lia].
Qed.

(** ** p = infinity *)

(** Of one level: the shift and the point. *)
Record point_data := PointData { point_shift : list Q; point : list Q }.

Definition in_cube (d : nat) (x : list Q) : bool :=
  (length x =? d)%nat && forallb (fun q => Qle_bool 0 q && Qle_bool q 1) x.
Definition moved_point (s x : list Q) : list Q := map (fun a => (fst a + snd a)%Q) (combine x s).

Lemma in_cube_sound : forall d x, in_cube d x = true -> cube d (map Q2R x).
Proof.
  intros d x H. apply andb_prop in H. destruct H as [Hl H]. apply Nat.eqb_eq in Hl.
  split; [rewrite map_length; assumption|]. intros i Hi. unfold coord.
  rewrite nth_indep with (d' := Q2R 0) by (rewrite map_length; lia). rewrite map_nth.
  rewrite forallb_forall in H. rewrite <- Hl in Hi. specialize (H _ (nth_In x 0%Q Hi)).
  apply andb_prop in H. destruct H as [H0 H1]. apply Qle_bool_iff, Qle_Rle in H0. apply Qle_bool_iff, Qle_Rle in H1.
  replace (Q2R 0) with 0 in H0 by (unfold Q2R; simpl; field). replace (Q2R 1) with 1 in H1 by (unfold Q2R; simpl; field).
  split; assumption.
Qed.

(** The bound of the error of level l is at most C |f(x + s) - f(x)|. *)
Definition point_ok (kind : modulus_kind) (d N : nat) (C : Q) (values : list Q -> Intervals.type) (bounds : list Q)
    (l : nat) (e : point_data) : bool :=
  let y := moved_point (point_shift e) (point e) in
  shift_ok kind d (side N l) (point_shift e) && in_cube d (point e) && in_cube d y &&
  Averages.B.at_most precision (Averages.B.of_Q precision (nth l bounds 0%Q))
    (Intervals.mul precision (Averages.B.of_Q precision C) (Averages.distance precision 1 (values y) (values (point e)))).

Definition check_points (kind : modulus_kind) (d N : nat) (C : Q) (values : list Q -> Intervals.type) (bounds : list Q)
    (points : list point_data) : bool :=
  Qle_bool 0 C && all_levels (point_ok kind d N C values bounds) 0 points.

(** If the kernel computes [true], and the error |f - Phi_l| is at most the bound number l at every point of the cube,
    then at every level l that has an entry in [points] |f - Phi_l| is at most C times the modulus of continuity
    omega(f, N^-l), witnessed by one shift and one point; for any d and N, and any target that comes with enclosures at
    rational points. *)
Theorem check_points_sound : forall kind d N C f values phi bounds points,
  Averages.encloses_at_points f values ->
  (forall l x, (l < length points)%nat -> cube d x -> Rabs (f x - phi l x) <= Q2R (nth l bounds 0%Q)) ->
  check_points kind d N C values bounds points = true ->
  forall l, (l < length points)%nat -> error_in_supremum kind d N C f (phi l) l.
Proof.
  intros kind d N C f values phi bounds points Hf He H l Hl. apply andb_prop in H. destruct H as [HC H].
  destruct (all_levels_true _ _ _ _ H l Hl) as [e Hp]. clear H. cbn [Nat.add] in Hp.
  apply andb_prop in Hp. destruct Hp as [Hp Hm]. apply andb_prop in Hp. destruct Hp as [Hp Hy].
  apply andb_prop in Hp. destruct Hp as [Hs Hx]. apply Qle_bool_iff, Qle_Rle in HC.
  split; [replace 0 with (Q2R 0) by (unfold Q2R; simpl; field); assumption|].
  pose proof (shift_ok_sound _ _ _ _ Hs) as Ha. pose proof (in_cube_sound _ _ Hx) as Cx.
  pose proof (in_cube_sound _ _ Hy) as Cy.
  assert (E : moved (point_shift e) (map Q2R (point e)) = map Q2R (moved_point (point_shift e) (point e))).
  { apply moved_rational. destruct Ha as [-> _]. destruct Cx as [Cx _]. rewrite map_length in Cx. congruence. }
  exists (point_shift e), (map Q2R (point e)). split; [assumption|]. split; [assumption|]. rewrite E. split; [assumption|].
  intros y Hyd. eapply Rle_trans; [apply He; assumption|].
  refine (Averages.B.at_most_sound precision _ _ _ _ (Averages.B.of_Q_sound precision _) _ Hm).
  apply Averages.B.mul_sound; [apply Averages.B.of_Q_sound|]. rewrite <- (pow_1 (Rabs _)).
  apply Averages.distance_sound; apply Hf.
Qed.
